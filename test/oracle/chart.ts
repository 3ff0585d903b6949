import { readFileSync } from 'node:fs';
import type { Unit } from './inputs.ts';

interface Box {
  readonly name?: string;
  readonly altName?: string;
  readonly id?: string;
  readonly uri: { readonly uri: string };
  readonly isMainOrganisation?: boolean;
  readonly departments?: readonly Box[];
  readonly organisations?: readonly Box[];
}

/** An organisation chart as somebody of HR reads it: every box a unit, with the level and kind they give it. */
export function unitsOfChart(file: string): Unit[] {
  const { organisations: roots } = JSON.parse(readFileSync(file, 'utf8')) as {
    organisations: readonly Box[];
  };
  const top = roots.find((box) => box.isMainOrganisation)!;
  const read = (box: Box, parent: Unit | null, outside: boolean): Unit[] => {
    const name = box.name?.trim() || box.altName || '';
    const level = levelOf(name, parent);
    const kind = level === 0 ? 'SPI' : level === 1 ? 'DEZ' : outside ? 'EIN' : 'FAC';
    const code = box.id ?? box.uri.uri.split('/').at(-1)!; // departments have no id
    const unit = {
      code,
      name,
      parent: parent && parent.code,
      level: `L${level}`,
      kind,
      tags: [],
      headcount: 12,
    };
    const inner = [...(box.departments ?? []), ...(box.organisations ?? [])];
    return [unit, ...inner.flatMap((one) => read(one, unit, outside))];
  };
  const inside = read(top, null, false);
  return [...inside, ...roots.filter((root) => root !== top).flatMap((root) => read(root, inside[0]!, true))];
}

function levelOf(name: string, parent: Unit | null): number {
  if (parent === null) return 0;
  if (/^(Dezernat|Geschäftsbereich)/.test(name)) return 1;
  return Math.min(4, Math.max(2, Number(parent.level.slice(1)) + 1));
}
