import { type Text, notPossible } from '../../platform/bare.ts';

/** Nothing new starts with a retired definition; undefined while it is in service. */
export function refuseRetired(retirement: { readonly reason: string } | undefined) {
  if (!retirement) return undefined;
  const message: Text = {
    de: `Dieser Ablauf ist außer Dienst (${retirement.reason}); mit ihm beginnt nichts Neues.`,
    en: `This process is retired (${retirement.reason}); nothing new starts with it.`,
  };
  return notPossible('RETIRED', message);
}
