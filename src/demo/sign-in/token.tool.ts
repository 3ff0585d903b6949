import type { INestApplicationContext } from '@nestjs/common';
import { DemoSignIn } from './demo-sign-in.service.ts';

const usage =
  'npm run token -- <person>, by register key (P-0022) or by name ("Kemal Kirschrosa" or a part of it)';

/** Prints a token for a demo person to standard output, and nothing else, so that scripts can take it. */
export async function token(app: INestApplicationContext, args: readonly string[]): Promise<number> {
  const demo = app.get(DemoSignIn);
  const wanted = args.join(' ').trim();
  if (!wanted) return refuse(`Whose token? ${usage}`);
  const people = await demo.people();
  const exact = people.filter(({ personKey, name }) => personKey === wanted || name === wanted);
  const fitting =
    exact.length > 0 ? exact : people.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  if (fitting.length === 0) return refuse(`Nobody in the register is called ${wanted}. ${usage}`);
  if (fitting.length > 1)
    return refuse(
      `Several fit: ${fitting
        .slice(0, 10)
        .map(({ personKey, name }) => `${name} (${personKey})`)
        .join(', ')}`,
    );
  console.log(await demo.token(fitting[0]!.personKey));
  return 0;
}

function refuse(sentence: string): number {
  console.error(sentence);
  return 1;
}
