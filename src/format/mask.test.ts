// What masking takes out of the names of elements, and that masking twice changes nothing.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskElement } from './mask.ts';

test.each([
  ['BUTTON#cta.hero-btn', 'BUTTON#cta.hero-btn'],
  ['INPUT#user-482913.field', 'INPUT#user-*.field'],
  ['DIV#jane.doe@example.com', 'DIV#*'],
  ['LI.row-12345', 'LI.row-12345'],
  ['LI.row-123456', 'LI.row-*'],
  ['DIV#eKKgYqPfIua4qtsPl46NoA019', 'DIV#*'],
  ['UL#0d86c229-4fde-5b2a-b2c0-ab11816aaffc$Menu', 'UL#*$Menu'],
  ['SECTION.internationalization', 'SECTION.internationalization'],
  ['DIV.col-md-6.offset-lg-2', 'DIV.col-md-6.offset-lg-2'],
])('%s is kept as %s', (given, kept) => {
  expect(maskElement(given)).toBe(kept);
});

test('masking what is masked changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 256 }), (text) => {
      expect(maskElement(maskElement(text))).toBe(maskElement(text));
    }),
  );
});
