// An element's name in a recording: TAG#id.class, without what could name a person. Used by the capture of clicks.
import { maskElement } from '../format/mask.ts';

export const describeElement = (element: Element): string => {
  // Not `element.id`: a form has there what it calls its field of that name.
  const id = element.getAttribute('id');
  const parts = [element.tagName.toUpperCase() + (id ? `#${id}` : ''), ...element.classList];
  return maskElement(parts.join('.'));
};
