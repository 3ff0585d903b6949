import { answerQuestions } from '../../platform/bare.ts';
import { Chart } from '../definition/chart.rules.ts';
import { Machine } from '../machine/machine.rules.ts';
import { prove, type Unproved } from './migration-proof.rules.ts';
import { Migration } from './migration.rules.ts';

answerQuestions(({ from, to, plan }: Unproved) =>
  prove(new Migration(new Machine(new Chart(from)), new Machine(new Chart(to)), plan)),
);
