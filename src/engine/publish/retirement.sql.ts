import type { Db } from '../../platform/index.ts';

const retirement = `select retired_at as "retiredAt", reason from engine.definition_retirement where definition_id = $1`;

/** When and why a definition was taken out of service; undefined while it is in service. */
export async function readRetirement(
  db: Db,
  definitionId: string,
): Promise<{ retiredAt: Date; reason: string } | undefined> {
  const [row] = await db.call<{ retiredAt: Date; reason: string }>(retirement, [definitionId]);
  return row;
}
