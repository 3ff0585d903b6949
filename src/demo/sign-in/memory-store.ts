/** What the provider keeps of a sign-in under way: the session, the code, the token's record. */
interface Payload {
  readonly [name: string]: unknown;
  readonly uid?: string;
  readonly grantId?: string;
  readonly consumed?: number;
}
interface Entry {
  readonly payload: Payload;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Far above what people who try a demo have under way; what is oldest goes first. */
const mostKept = 10_000;

/**
 * A store for oidc-provider, by its documented adapter interface, in memory: sign-ins under way are forgotten at a
 * restart, and tokens go on, for they rest on the kept key alone.
 */
export function memoryStore() {
  const kept = new Map<string, Entry>();
  const living = (key: string): Payload | undefined => {
    const entry = kept.get(key);
    if (entry && entry.until > Date.now()) return entry.payload;
    kept.delete(key);
    return undefined;
  };
  return (model: string) => ({
    async upsert(id: string, payload: Payload, expiresInS?: number): Promise<void> {
      kept.delete(`${model} ${id}`);
      kept.set(`${model} ${id}`, { payload, until: expiresInS ? Date.now() + expiresInS * 1000 : Infinity });
      for (const oldest of kept.keys()) {
        if (kept.size <= mostKept) break;
        kept.delete(oldest);
      }
    },
    find: async (id: string) => living(`${model} ${id}`),
    async findByUid(uid: string) {
      const found = [...kept].find(
        ([key, { payload }]) => key.startsWith(`${model} `) && payload.uid === uid,
      );
      return found && living(found[0]);
    },
    /** Codes for devices without a browser are not offered. */
    findByUserCode: async () => undefined,
    async consume(id: string): Promise<void> {
      const entry = kept.get(`${model} ${id}`);
      const consumed = Math.floor(Date.now() / 1000);
      if (entry) kept.set(`${model} ${id}`, { ...entry, payload: { ...entry.payload, consumed } });
    },
    async destroy(id: string): Promise<void> {
      kept.delete(`${model} ${id}`);
    },
    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
    },
  });
}
