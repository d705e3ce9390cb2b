// An element's name in a recording: TAG#id.class, without what could name a person. Used by the capture of clicks.
import { ELEMENT_MAX } from '../format/limits.ts';
import { maskElement } from '../format/mask.ts';

/** Attributes, not properties: a form's fields can stand in for its `id`, and an SVG's `className` is no string. */
export function describeElement(element: Element): string {
  const id = element.getAttribute('id');
  const classes = element.getAttribute('class')?.trim().split(/\s+/).join('.');
  return maskElement(element.tagName.toUpperCase() + (id ? `#${id}` : '') + (classes ? `.${classes}` : '')).slice(
    0,
    ELEMENT_MAX,
  );
}
