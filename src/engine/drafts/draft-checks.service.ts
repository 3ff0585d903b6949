import { Injectable } from '@nestjs/common';
import { Reads, type Actor, type Db } from '../../platform/index.ts';
import { headOf, type Checked } from '../publish/definition-check.rules.ts';
import { DefinitionChecks } from '../publish/definition-checks.service.ts';
import { versionTaken } from '../publish/definitions.service.ts';
import { readBody, readDraft } from './draft.sql.ts';
import type { DraftStatus } from './draft.rules.ts';
import { EngineRegistry } from '../machine/registry.ts';

/** What was said against a draft, and against which revision of it. */
type CheckedDraft = Checked & { readonly revision: number };

/** What can be said against a draft's text today. */
@Injectable()
export class DraftChecks {
  readonly #reads: Reads;
  readonly #registry: EngineRegistry;
  readonly #checks: DefinitionChecks;

  constructor(reads: Reads, registry: EngineRegistry, checks: DefinitionChecks) {
    this.#reads = reads;
    this.#registry = registry;
    this.#checks = checks;
  }

  /** All of it, its version being taken included. */
  async of(db: Db, text: string): Promise<Checked> {
    const head = headOf(text);
    const base = head?.base && (await readBody(db, head.base.key, head.base.version));
    const checked = await this.#checks.check({ text, base: base?.body });
    const { definition, faults } = checked;
    if (!definition || !(await readBody(db, definition.key, definition.version))) return checked;
    return { ...checked, faults: [versionTaken, ...faults] };
  }

  /**
   * The same before a command that needs it: a check may take seconds, and no lock waits for it. Undefined when the
   * command will be refused anyhow, for want of the right or of the draft in this status.
   */
  async ahead(
    actor: Actor,
    draftId: string,
    { action, status }: { readonly action: string; readonly status: DraftStatus },
  ): Promise<CheckedDraft | undefined> {
    const db = await this.#reads.db(actor);
    const [may] = await this.#registry.authority.may(db, actor, action, [{}]);
    const draft = may ? await readDraft(db, draftId) : undefined;
    if (draft?.status !== status) return undefined;
    return { ...(await this.of(db, draft.source)), revision: draft.revision };
  }
}
