import type { Text } from '../../platform/bare.ts';
import { Chart, leavesOf } from './chart.rules.ts';
import type { Fault } from './definition-file.rules.ts';
import type { Definition, StateNode, Step, Transition } from './definition.rules.ts';
import { prune } from './variant-prune.rules.ts';
import type { VariantChange, ChangeOf } from './variant-format.rules.ts';

/** One named change: what it looks at in a definition, why it does not fit there, and what it does. */
export interface Operation {
  touches(definition: Definition): unknown;
  /** By their place within the change. */
  faults(definition: Definition): Fault[];
  /** Changes the definition it is given; only after `faults` found none. */
  apply(definition: Definition): void;
}

export function operationFor(change: VariantChange): Operation {
  switch (change.do) {
    case 'rename':
      return rename(change);
    case 'insertStep':
      return insertStep(change);
    case 'dropOptional':
      return dropOptional(change);
    case 'changeDeadline':
      return changeDeadline(change);
    case 'changeRole':
      return changeRole(change);
    case 'changeGuardParameter':
      return changeGuardParameter(change);
  }
}

const fault = (path: string, de: string, en: string): Fault => ({ path: `$.${path}`, message: { de, en } });
const unknown = (path: string, name: string) =>
  fault(path, `Die Grundlage kennt ${name} nicht.`, `The base does not know ${name}.`);
const own = <T>(record: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

const stateAt = (definition: Definition, path: string): StateNode | undefined => {
  let state: StateNode | undefined;
  let states: StateNode['states'] = definition.states;
  for (const name of path.split('.')) {
    state = states && own(states, name);
    states = state?.states;
  }
  return state;
};

function* statesOf(states: Record<string, StateNode> = {}): Generator<StateNode> {
  for (const state of Object.values(states)) {
    yield state;
    yield* statesOf(state.states);
  }
}

function rename({ what, name, label }: ChangeOf<'rename'>): Operation {
  const labelled = (definition: Definition): { label?: Text | undefined } | undefined => {
    if (what === 'state') return stateAt(definition, name);
    if (what === 'step') return own(definition.steps, name);
    if (what === 'deadline') return own(definition.deadlines, name);
    return [...statesOf(definition.states)]
      .flatMap(({ tasks = [] }) => tasks)
      .find((task) => task.name === name);
  };
  const texts = (definition: Definition) => (what === 'tag' ? definition.tags : definition.reasons);
  const isText = what === 'tag' || what === 'reason';
  const now = (definition: Definition) =>
    isText ? own(texts(definition), name) : labelled(definition)?.label;
  return {
    touches: now,
    faults: (definition) =>
      (isText ? now(definition) : labelled(definition)) ? [] : [unknown('name', name)],
    apply: (definition) => {
      if (isText) texts(definition)[name] = label;
      else labelled(definition)!.label = label;
    },
  };
}

const around = (path: string) => path.split('.').slice(0, -1).join('.');
const inside = (path: string, name: string) => (path ? `${path}.${name}` : name);

/** The new state stands beside the one whose transitions it takes up, and leads on to where they led. */
function insertStep({ from, on, state, step }: ChangeOf<'insertStep'>): Operation {
  const { name, ...shown } = state;
  const transitions = (definition: Definition): Transition[] =>
    own(stateAt(definition, from)?.on ?? {}, on)?.filter(({ target }) => target !== undefined) ?? [];
  const parent = (definition: Definition) => stateAt(definition, around(from));
  const siblings = (definition: Definition) => parent(definition)?.states ?? definition.states;
  const targets = (definition: Definition) => {
    const chart = new Chart(definition);
    const edges = chart.edgesOf(chart.nodes.get(from)!).filter(({ event, target }) => event === on && target);
    return [...new Set(edges.map(({ target }) => target!.path))];
  };
  return {
    touches: transitions,
    faults: (definition) => {
      if (!stateAt(definition, from)) return [unknown('from', from)];
      if (transitions(definition).length === 0) return [unknown('on', `${from} → ${on}`)];
      if (parent(definition)?.type === 'parallel')
        return [fault('from', 'Ein Bereich steht keinem im Weg.', 'A region stands in nobody’s way.')];
      const leads = targets(definition);
      return [
        ...(leads.length === 1
          ? []
          : [
              fault(
                'on',
                `Führt zu mehreren: ${leads.join(', ')}.`,
                `Leads to several: ${leads.join(', ')}.`,
              ),
            ]),
        ...(own(siblings(definition), name) ? [taken('state.name', name)] : []),
        ...(own(definition.steps, step.name) ? [taken('step.name', step.name)] : []),
      ];
    },
    apply: (definition) => {
      const [onward] = targets(definition);
      siblings(definition)[name] = { ...shown, on: { [step.name]: [{ target: onward! }] } };
      for (const transition of transitions(definition)) transition.target = inside(around(from), name);
      definition.steps[step.name] = { label: step.label, who: step.who };
    },
  };
}

const taken = (path: string, name: string) =>
  fault(path, `Den Namen ${name} gibt es schon.`, `The name ${name} exists already.`);

function dropOptional({ step, continuation }: ChangeOf<'dropOptional'>): Operation {
  const handling = (definition: Definition) =>
    [...statesOf(definition.states)].filter(({ on = {} }) => Object.hasOwn(on, step));
  const leadsOn = ({ on = {} }: StateNode) =>
    (own(on, continuation) ?? []).some(({ target, guard }) => target !== undefined && !guard);
  return {
    touches: (definition) => [
      own(definition.steps, step),
      ...handling(definition).map(({ on }) => [own(on!, step), own(on!, continuation)]),
    ],
    faults: (definition) => {
      if (!own(definition.steps, step)) return [unknown('step', step)];
      if (!own(definition.steps, continuation)) return [unknown('continuation', continuation)];
      const by = demandedBy(definition, step);
      if (by) return [fault('step', `${step} wird gebraucht: ${by}.`, `${step} is needed: ${by}.`)];
      return handling(definition).every(leadsOn)
        ? []
        : [
            fault(
              'continuation',
              `${continuation} führt nicht überall ohne Bedingung weiter, wo ${step} möglich ist.`,
              `${continuation} does not lead on without a condition wherever ${step} is possible.`,
            ),
          ];
    },
    apply: (definition) => {
      const before = new Chart(structuredClone(definition));
      for (const { on } of handling(definition)) delete on![step];
      prune(definition, before);
    },
  };
}

function changeDeadline({ deadline, span, chain, extendable }: ChangeOf<'changeDeadline'>): Operation {
  return {
    touches: ({ deadlines }) => own(deadlines, deadline),
    faults: ({ deadlines, chains }) => [
      ...(own(deadlines, deadline) ? [] : [unknown('deadline', deadline)]),
      ...(chain && !own(chains, chain) ? [unknown('chain', chain)] : []),
    ],
    apply: ({ deadlines }) => {
      const changed = deadlines[deadline]!;
      if (span) changed.span = span;
      if (chain === null) delete changed.chain;
      else if (chain) changed.chain = chain;
      if (extendable === null) delete changed.extendable;
      else if (extendable) changed.extendable = extendable;
    },
  };
}

/** Four eyes stay four eyes, and what others must come after is not opened to more functions. */
function changeRole({ step, who }: ChangeOf<'changeRole'>): Operation {
  return {
    touches: ({ steps }) => own(steps, step)?.who,
    faults: (definition) => {
      const before = own(definition.steps, step);
      if (!before) return [unknown('step', step)];
      const eyes = sharedEyes(before);
      const blind = who.flatMap((one, i) => {
        const kept = before.who.find((other) => other.function === one.function)?.notSameAs ?? eyes;
        const lost = kept.filter((other) => !one.notSameAs?.includes(other));
        return lost.map((other) =>
          fault(`who[${i}]`, `Die vier Augen zu ${other} gehen verloren.`, `Four eyes on ${other} are lost.`),
        );
      });
      const wider = isProof(definition, step)
        ? who.filter((one) => !before.who.some((other) => other.function === one.function))
        : [];
      return [
        ...blind,
        ...wider.map((one) =>
          fault(
            `who[${who.indexOf(one)}]`,
            `${step} ist eine Freigabe; ${one.function} kommt nicht hinzu.`,
            `${step} is an approval; ${one.function} cannot be added.`,
          ),
        ),
      ];
    },
    apply: ({ steps }) => void (steps[step]!.who = who),
  };
}

/** What every one of its functions must not have taken. */
const sharedEyes = ({ who: [first, ...others] }: Step): string[] =>
  (first?.notSameAs ?? []).filter((step) => others.every(({ notSameAs }) => notSameAs?.includes(step)));

const isProof = ({ steps }: Definition, step: string): boolean =>
  (steps[step]!.after?.length ?? 0) > 0 || Object.values(steps).some(({ after }) => after?.includes(step));

/** Who or what counts on a step being there; undefined when it is optional. */
function demandedBy(definition: Definition, step: string): string | undefined {
  const { steps, chains, deadlines } = definition;
  const { after, who, does } = steps[step]!;
  if (after || does || who.some(({ notSameAs }) => notSameAs)) return step;
  const later = Object.entries(steps).find(
    ([, other]) =>
      other.after?.includes(step) || other.who.some(({ notSameAs }) => notSameAs?.includes(step)),
  );
  const due = Object.entries(deadlines).find(([, { onDue }]) => onDue === step);
  const chained = Object.entries(chains).find(([, links]) => links.some((link) => link.step === step));
  const counting = new Chart(definition).edges.find(
    ({ event, transition }) =>
      event !== step &&
      leavesOf(transition.guard).some((leaf) => 'fact' in leaf && leaf.fact === `taken.${step}`),
  );
  return later?.[0] ?? due?.[0] ?? chained?.[0] ?? counting?.place;
}

function changeGuardParameter({ step, reason, value }: ChangeOf<'changeGuardParameter'>): Operation {
  const leaves = (definition: Definition) =>
    [...statesOf(definition.states)]
      .flatMap(({ on = {} }) => own(on, step) ?? [])
      .flatMap(({ guard }) => leavesOf(guard))
      .flatMap((leaf) => (leaf.reason === reason && 'fact' in leaf ? [leaf] : []));
  return {
    touches: leaves,
    faults: (definition) => {
      const found = leaves(definition);
      if (found.length === 0) return [unknown('reason', `${step} / ${reason}`)];
      return found.every((leaf) => typeof operandOf(leaf)[1] === typeof value)
        ? []
        : [fault('value', 'Anderer Typ als bisher.', 'Another type than before.')];
    },
    apply: (definition) => {
      for (const leaf of leaves(definition)) Object.assign(leaf, { [operandOf(leaf)[0]]: value });
    },
  };
}

function operandOf({
  fact: _fact,
  reason: _reason,
  ...comparison
}: object & { fact: string; reason: string }) {
  return Object.entries(comparison)[0] as [string, unknown];
}
