// What `parse…` throws: it names the field that cannot be taken and never repeats its value.

/** Bad input. `field` is a path such as `events[3].x`; `message` says what was expected there. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly field: string;

  constructor(field: string, expected: string) {
    super(`${field} ${expected}`);
    this.field = field;
  }
}
