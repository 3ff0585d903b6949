import type { Text } from '../../platform/bare.ts';

/** The stages of proof, each asking for more than the one before: planned, done, checked, anchored as a rule. */
export const stages = ['P', 'D', 'C', 'A'] as const;
export type Stage = (typeof stages)[number];

/** An edition's scale: what each level from 0 on stands for. It is cumulative (Konzept §3.2). */
export interface Scale {
  readonly stages: readonly (Stage | null)[];
}

/** The scale of the catalogues that ship: 0 to 4, one level for each stage. */
export const shippedScale: Scale = { stages: [null, ...stages] };

/** What an edition says of its levels, as a scale. */
export const scaleOf = (levels: readonly { readonly pdca: string | null }[]): Scale => ({
  stages: levels.map(({ pdca }) => stages.find((stage) => stage === pdca) ?? null),
});

export const topOf = ({ stages: levels }: Scale): number => levels.length - 1;

/** The first level that stands for a stage or a later one; beyond the scale where none does. */
export function firstOf(stage: Stage, { stages: levels }: Scale): number {
  const at = levels.findIndex((one) => one !== null && stages.indexOf(one) >= stages.indexOf(stage));
  return at === -1 ? levels.length : at;
}

/**
 * The level that lies so many quarters up the scale, rounded up. Thresholds are worded on the five levels 0–4 (Konzept
 * §3.2), on which quarter and level are the same; on another scale they are as far up.
 */
export const levelAt = (quarters: number, top: number): number => Math.ceil((top * quarters) / 4);

export const isLevel = (level: number, scale: Scale): boolean =>
  Number.isInteger(level) && level >= 0 && level <= topOf(scale);

export const levelUnknown = (scale: Scale): Text => ({
  de: `Die Stufen reichen von 0 bis ${topOf(scale)}.`,
  en: `Levels range from 0 to ${topOf(scale)}.`,
});
