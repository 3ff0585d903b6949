/** Why the server cannot start, in sentences for whoever started it. Printed without a stack; the exit code is 1. */
export class BootFault extends Error {
  override readonly name = 'BootFault';
}
