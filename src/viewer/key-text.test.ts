// How keys are told.
import { expect, test } from 'vitest';
import { isCharacter, keyName, keyText } from './key-text.ts';

test('keys are told as they are written on them', () => {
  expect(['c', 'Shift+c', '[Shift]+?', '[Shift]++', '-', 'Shift+ArrowLeft', 'Space'].map(keyText)).toEqual([
    'C',
    'Shift C',
    '?',
    '+',
    '-',
    'Shift ←',
    'Space',
  ]);
});

test('a screen reader gets the names of keys', () => {
  expect(['Shift+ArrowLeft', 'Shift+c', '[Shift]+?'].map(keyName)).toEqual(['Shift+ArrowLeft', 'Shift+C', '?']);
});

test('letters, digits and signs are characters, with Shift too; Space and arrows are not', () => {
  const keys = ['c', 'Shift+c', '1', '.', '[Shift]+/', 'Space', 'ArrowLeft', 'Shift+ArrowLeft', 'Home'];
  expect(keys.filter(isCharacter)).toEqual(['c', 'Shift+c', '1', '.', '[Shift]+/']);
});
