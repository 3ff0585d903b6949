import { Injectable } from '@nestjs/common';
import { Commands, isBlank, refuse, type Actor, type Text } from '../../platform/index.ts';
import { Plans } from '../change/plans.service.ts';
import { defineKind } from '../change/plan.sql.ts';
import type { StaffingRefusal } from './staffing.service.ts';

/** The administration's own list of kinds of unit. */
@Injectable()
export class UnitKinds {
  readonly #commands: Commands;
  readonly #plan: Plans;

  constructor(commands: Commands, plan: Plans) {
    this.#commands = commands;
    this.#plan = plan;
  }

  /** Adds a kind, or gives a known one another label. Returns its code, or refuses with InvalidInput. */
  define(
    actor: Actor,
    { commandId, ...input }: { commandId: string; code: string; labelDe: string; labelEn: string },
  ): Promise<string | StaffingRefusal> {
    return this.#commands.run(actor, { name: 'defineUnitKind', commandId, input }, async (tx) => {
      tx.permit(this.#plan.mayChange(actor));
      const { code, labelDe, labelEn } = input;
      if (!/^[A-Z][A-Z0-9]{0,19}$/.test(code)) return misfit('code', codeText);
      if (isBlank(labelDe)) return misfit('labelDe', labelText);
      if (isBlank(labelEn)) return misfit('labelEn', labelText);
      await tx.call(defineKind, [code, labelDe.trim(), labelEn.trim()]);
      return code;
    });
  }
}

const codeText: Text = {
  de: 'Ein Kürzel besteht aus Großbuchstaben und Ziffern und beginnt mit einem Buchstaben.',
  en: 'A code consists of capitals and digits and begins with a capital.',
};
const labelText: Text = { de: 'Die Bezeichnung fehlt.', en: 'The label is missing.' };
const misfit = (path: string, message: Text) =>
  refuse('InvalidInput', message, { faults: [{ path, message }] });
