/** One run: how often something is cut, killed or stopped, from which seed, and where its history goes. */
export interface Run {
  readonly count: number;
  readonly seed: number;
  readonly folder: string;
}

export interface Outcome {
  readonly what: string;
  readonly times: number;
  readonly book: { readonly acknowledged: number; readonly repeated: number };
  /** What should not be; nothing, when all is well. */
  readonly faults: readonly string[];
  readonly remark: string;
}
