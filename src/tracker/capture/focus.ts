// That the visitor went into a field: its name, never what is in it. Heard by main.
import { FOCUS } from '../../format/packed-row.ts';
import { describeElement } from '../describe-element.ts';
import { emit } from '../queue.ts';
import { hear } from './settle.ts';

export const hearFocus = (event: Event): void => {
  hear(event);
  const { target } = event as Event & { target: Element & { required: unknown } };
  // Inputs, selections and text areas alone have it, true or false.
  if ((target.required as number) >= 0) emit(FOCUS, [describeElement(target)]);
};
