// PostgreSQL's framing, as far as one must know it to cut a conversation between two messages or to see what is asked.

/** A whole message; `type` is a letter, or `startup` for the first ones, which carry none. */
export interface Message {
  readonly type: string;
  readonly bytes: Buffer;
  /** What the statement says: of Parse and of a simple Query. */
  readonly text?: string;
  /** The prepared statement that is made or used. */
  readonly statement?: string;
}

const startupProtocol = 196608;

/** Puts the chunks of one direction together to messages. */
export class Framing {
  #rest: Buffer = Buffer.alloc(0);
  #isStarting: boolean;

  /** The server's side never sends a message without a type. */
  constructor(side: 'client' | 'server') {
    this.#isStarting = side === 'client';
  }

  *read(chunk: Buffer): Generator<Message> {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const head = this.#isStarting ? 0 : 1;
      if (this.#rest.length < head + 4) return;
      const length = head + this.#rest.readUInt32BE(head);
      if (this.#rest.length < length) return;
      const bytes = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      yield this.#isStarting ? this.#startup(bytes) : typed(bytes);
    }
  }

  // A request for encryption comes first where a client asks for it; only the start-up itself ends this phase.
  #startup(bytes: Buffer): Message {
    if (bytes.readUInt32BE(4) === startupProtocol) this.#isStarting = false;
    return { type: 'startup', bytes };
  }
}

function typed(bytes: Buffer): Message {
  const type = String.fromCharCode(bytes[0]!);
  const [first, second] = type === 'P' || type === 'B' || type === 'Q' ? strings(bytes) : [];
  if (type === 'P') return { type, bytes, statement: first!, text: second! };
  if (type === 'B') return { type, bytes, statement: second! };
  return type === 'Q' ? { type, bytes, text: first! } : { type, bytes };
}

function strings(bytes: Buffer): [string, string] {
  const end = bytes.indexOf(0, 5);
  const next = bytes.indexOf(0, end + 1);
  return [bytes.toString('utf8', 5, end), next < 0 ? '' : bytes.toString('utf8', end + 1, next)];
}

/** Follows one client's messages and says which statement each belongs to. */
export class Conversation {
  readonly #framing = new Framing('client');
  readonly #statements = new Map<string, string>();
  #bound = '';

  *read(chunk: Buffer): Generator<Message & { readonly about: string }> {
    for (const message of this.#framing.read(chunk)) {
      if (message.type === 'P') this.#statements.set(message.statement!, message.text!);
      if (message.type === 'P' || message.type === 'Q') this.#bound = message.text!;
      if (message.type === 'B') this.#bound = this.#statements.get(message.statement!) ?? '';
      yield { ...message, about: this.#bound };
    }
  }
}
