import { readFileSync } from 'node:fs';
import type { AnchoringPolicy } from './anchoring.rules.ts';

const file = new URL('../../data/policies/anchoring.json', import.meta.url);
let kept: readonly AnchoringPolicy[] | undefined;

/** The shipped versions of the anchoring policy, the oldest first. A new version is a new entry, never a change. */
export function anchoringPolicies(): readonly AnchoringPolicy[] {
  return (kept ??= JSON.parse(readFileSync(file, 'utf8')) as AnchoringPolicy[]);
}
