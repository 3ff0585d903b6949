import { Injectable } from '@nestjs/common';
import {
  blankFaults,
  Commands,
  found,
  isRefusal,
  newId,
  refuseFaults,
  type Actor,
  type Refusal,
  type Text,
  type Tx,
} from '../../platform/index.ts';
import { headOf } from '../publish/definition-check.rules.ts';
import { Definitions } from '../publish/definitions.service.ts';
import { DraftChecks } from './draft-checks.service.ts';
import {
  insertDraft,
  insertRetirement,
  lockDraft,
  moveDraft,
  nextVersion,
  readDrafts,
  rewriteDraft,
} from './draft.sql.ts';
import {
  printed,
  refuseAuthor,
  refuseChecked,
  refuseOtherHash,
  refuseRevision,
  refuseStatus,
  tooManyDrafts,
  type DraftRow,
} from './draft.rules.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { readRetirement } from '../publish/retirement.sql.ts';
import { refuseRetired } from '../publish/retirement.rules.ts';

const aDraft: Text = { de: 'Entwurf', en: 'Draft' };
const mostDrafts = 100;

type DraftCommand<I> = I & { readonly commandId: string };
type Draft = { readonly draftId: string };
type Retired = { readonly definitionId: string };
type Published = Draft & Retired;

/**
 * Own processes: drafted and changed by one person, checked, submitted, and published by another, who publishes exactly
 * what was submitted. What is published stands for good; retired, nothing new starts with it.
 */
@Injectable()
export class Drafts {
  readonly #commands: Commands;
  readonly #registry: EngineRegistry;
  readonly #definitions: Definitions;
  readonly #checks: DraftChecks;

  constructor(commands: Commands, registry: EngineRegistry, definitions: Definitions, checks: DraftChecks) {
    this.#commands = commands;
    this.#registry = registry;
    this.#definitions = definitions;
    this.#checks = checks;
  }

  /** Begins a draft: with a text of its own, or as the next version of a published definition. */
  draft(
    actor: Actor,
    { commandId, ...input }: DraftCommand<{ source?: string | null; basedOn?: string | null }>,
  ) {
    const { source, basedOn } = input;
    return this.#commands.run(
      actor,
      { name: 'draftDefinition', commandId, input },
      async (tx): Promise<Draft | Refusal> => {
        await this.#permit(tx, 'definition.draft');
        if ((source == null) === (basedOn == null)) return refuseFaults([eitherOr])!;
        if ((await readDrafts(tx)).length >= mostDrafts) return tooManyDrafts(mostDrafts);
        const text = source ?? (await this.#nextVersionOf(tx, basedOn!));
        const head = headOf(text);
        if (!head) return refuseFaults([headless])!;
        const draftId = newId();
        await insertDraft(tx, { id: draftId, source: text, key: head.key, version: head.version });
        return { draftId };
      },
    );
  }

  /** Puts another text in its place; whoever does so is an author from then on. */
  change(
    actor: Actor,
    { commandId, ...input }: DraftCommand<Draft & { expectedRevision: number; source: string }>,
  ) {
    const { draftId, expectedRevision, source } = input;
    return this.#commands.run(
      actor,
      { name: 'rewriteDraft', commandId, input },
      async (tx): Promise<Draft | Refusal> => {
        const draft = await this.#lock(tx, draftId, 'definition.draft');
        const refusal = refuseStatus(draft, 'DRAFT') ?? refuseRevision(draft, expectedRevision);
        if (refusal) return refusal;
        const head = headOf(source);
        if (!head) return refuseFaults([headless])!;
        await rewriteDraft(tx, { id: draftId, source, key: head.key, version: head.version });
        return { draftId };
      },
    );
  }

  /** Hands a draft without a fault to whoever publishes it; from now on it stands. */
  async submit(actor: Actor, { commandId, ...input }: DraftCommand<Draft & { expectedRevision: number }>) {
    const { draftId, expectedRevision } = input;
    const checked = await this.#checks.ahead(actor, draftId, { action: 'definition.draft', status: 'DRAFT' });
    return this.#commands.run(
      actor,
      { name: 'submitDraft', commandId, input },
      async (tx): Promise<Draft | Refusal> => {
        const draft = await this.#lock(tx, draftId, 'definition.draft');
        const refusal =
          refuseStatus(draft, 'DRAFT') ??
          refuseRevision(draft, expectedRevision) ??
          refuseChecked(draft, checked);
        if (refusal) return refusal;
        await moveDraft(tx, draftId, 'IN_REVIEW', { sha256: checked!.sha256! });
        return { draftId };
      },
    );
  }

  /** Publishes what was submitted. Refuses its authors, another content, and what became faulty since. */
  async publish(actor: Actor, { commandId, ...input }: DraftCommand<Draft & { sha256: string }>) {
    const { draftId, sha256 } = input;
    const wanted = { action: 'definition.publish', status: 'IN_REVIEW' } as const;
    const checked = await this.#checks.ahead(actor, draftId, wanted);
    return this.#commands.run(
      actor,
      { name: 'publishDraft', commandId, input },
      async (tx): Promise<Published | Refusal> => {
        const draft = await this.#lock(tx, draftId, 'definition.publish');
        const refusal =
          refuseStatus(draft, 'IN_REVIEW') ??
          refuseOtherHash(draft, sha256) ??
          refuseAuthor(draft, actor.person) ??
          refuseChecked(draft, checked);
        if (refusal) return refusal;
        if (checked!.sha256 !== sha256) throw new Error(`Draft ${draftId} reads other than it did in review`);
        const definitionId = await this.#definitions.publishChecked(tx, checked!.definition!);
        if (isRefusal(definitionId)) return definitionId;
        await moveDraft(tx, draftId, 'PUBLISHED', { sha256, definitionId });
        return { draftId, definitionId };
      },
    );
  }

  /** Gives a submitted draft back to its authors, with the reason. */
  giveBack(actor: Actor, { commandId, ...input }: DraftCommand<Draft & { reason: string }>) {
    const { draftId, reason } = input;
    return this.#commands.run(
      actor,
      { name: 'returnDraft', commandId, input },
      async (tx): Promise<Draft | Refusal> => {
        const draft = await this.#lock(tx, draftId, 'definition.draft');
        const refusal = refuseStatus(draft, 'IN_REVIEW') ?? refuseFaults(blankFaults({ reason }));
        if (refusal) return refusal;
        await moveDraft(tx, draftId, 'DRAFT', { returnedBecause: reason });
        return { draftId };
      },
    );
  }

  discard(actor: Actor, { commandId, ...input }: DraftCommand<Draft & { expectedRevision: number }>) {
    const { draftId, expectedRevision } = input;
    return this.#commands.run(
      actor,
      { name: 'discardDraft', commandId, input },
      async (tx): Promise<Draft | Refusal> => {
        const draft = await this.#lock(tx, draftId, 'definition.draft');
        const refusal = refuseStatus(draft, 'DRAFT') ?? refuseRevision(draft, expectedRevision);
        if (refusal) return refusal;
        await moveDraft(tx, draftId, 'DISCARDED', {});
        return { draftId };
      },
    );
  }

  /** From now on nothing new starts with this definition; what runs goes on. */
  retire(actor: Actor, { commandId, ...input }: DraftCommand<{ definitionId: string; reason: string }>) {
    const { definitionId, reason } = input;
    return this.#commands.run(
      actor,
      { name: 'retireDefinition', commandId, input },
      async (tx): Promise<Retired | Refusal> => {
        await this.#permit(tx, 'definition.publish');
        await this.#definitions.machineOf(tx, definitionId);
        const refusal =
          refuseRetired(await readRetirement(tx, definitionId)) ?? refuseFaults(blankFaults({ reason }));
        if (refusal) return refusal;
        await insertRetirement(tx, definitionId, reason);
        return { definitionId };
      },
    );
  }

  async #nextVersionOf(tx: Tx, definitionId: string): Promise<string> {
    const { chart } = await this.#definitions.machineOf(tx, definitionId);
    const { definition } = chart;
    return printed({ ...definition, version: await nextVersion(tx, definition.key) });
  }

  async #lock(tx: Tx, draftId: string, action: string): Promise<DraftRow> {
    await this.#permit(tx, action);
    return found(await lockDraft(tx, draftId), aDraft);
  }

  async #permit(tx: Tx, action: string): Promise<void> {
    const [may] = await this.#registry.authority.may(tx, tx.actor, action, [{}]);
    tx.permit(may === true);
  }
}

const eitherOr = {
  path: 'source',
  message: {
    de: 'Bitte entweder einen Text oder eine Grundlage angeben.',
    en: 'Please give either a text or what it is based on.',
  },
};
const headless = {
  path: 'source',
  message: {
    de: 'Das ist kein JSON mit `format` (oa.process/1 oder oa.variant/1), `key` und `version`.',
    en: 'This is no JSON with `format` (oa.process/1 or oa.variant/1), `key` and `version`.',
  },
};
