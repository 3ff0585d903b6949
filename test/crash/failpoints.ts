// node --import ./failpoints.ts?at=commit&moment=answered&skip=3: this process kills itself at that point. It watches
// its own conversations with PostgreSQL, so the product needs no failpoint and has none: no setting can arm one.
import { Socket } from 'node:net';
import { Conversation, Framing } from './wire.ts';

/** Where a process may die: what it is about to ask the database. */
export const points = {
  begin: /^begin/i,
  open: /platform\.open_command/i,
  lock: /from engine\.(process\b[^;]*for update|lock_free)/is,
  effect: /insert into (crash\.effect|audit\.rating\b|responsibility\.function_grant)/i,
  write: /engine\.commit_(step|transition)/i,
  receipt: /insert into platform\.command/i,
  commit: /^commit/i,
  due: /from engine\.deadline\b/i,
} as const;
export type Point = keyof typeof points;

/** Before it is sent, when half of it is, when all is, and when the answer is there but nothing was done with it. */
export const instants = ['before', 'half', 'sent', 'answered'] as const;
export type Instant = (typeof instants)[number];

export interface Failure {
  readonly at: Point;
  readonly moment: Instant;
  /** So often the point is passed first. */
  readonly skip: number;
}

/** How a child is told: in the address of this module, which nothing but a test ever loads. */
export const armed = ({ at, moment, skip }: Failure): string =>
  `${new URL(import.meta.url).href.split('?')[0]}?at=${at}&moment=${moment}&skip=${skip}`;

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

interface Watched {
  readonly conversation: Conversation;
  readonly answers: Framing;
  asked: number;
  answered: number;
  /** The number of the answer that nobody here lives to use. */
  last: number;
}

function arm({ at, moment, skip }: Failure): void {
  const watched = new WeakMap<Socket, Watched>();
  const { write } = Socket.prototype as { write: (this: Socket, ...args: unknown[]) => boolean };
  let left = skip;
  let isDying = false;

  const watch = (socket: Socket): Watched => {
    const conversation = new Conversation();
    const known = { conversation, answers: new Framing('server'), asked: 0, answered: 0, last: Infinity };
    watched.set(socket, known);
    // Before pg's own listener, and so before anybody can be told that it worked.
    socket.prependListener('data', (chunk: Buffer) => {
      for (const { type } of known.answers.read(chunk))
        if ('CIE'.includes(type) && ++known.answered >= known.last) die();
    });
    return known;
  };

  Socket.prototype.write = function (this: Socket, ...args: unknown[]): boolean {
    const [chunk] = args;
    if (!isOfDatabase(chunk, watched.has(this))) return write.apply(this, args);
    if (isDying) return true;
    const known = watched.get(this) ?? watch(this);
    for (const { type, about, bytes } of known.conversation.read(chunk)) {
      // A statement is asked when it is executed: once for Parse, Bind and Execute together.
      if (type !== 'Q' && type !== 'E') continue;
      known.asked += 1;
      if (!points[at].test(about) || left-- > 0) continue;
      if (moment === 'before') die();
      if (moment === 'answered') known.last = known.asked;
      else {
        isDying = true;
        const unsent = moment === 'half' ? Math.ceil(bytes.length / 2) : 0;
        return write.call(this, chunk.subarray(0, chunk.length - unsent), die);
      }
    }
    return write.apply(this, args);
  } as typeof Socket.prototype.write;
}

/** A conversation with PostgreSQL is known by its first message. */
const isOfDatabase = (chunk: unknown, isKnown: boolean): chunk is Buffer =>
  Buffer.isBuffer(chunk) && (isKnown || (chunk.length > 8 && chunk.readUInt32BE(4) === 196608));

const asked = new URL(import.meta.url).searchParams;
if (asked.has('at'))
  arm({
    at: asked.get('at') as Point,
    moment: asked.get('moment') as Instant,
    skip: Number(asked.get('skip')),
  });
