// What events count towards a session's limit is near what they take in an object.
import { expect, test } from 'vitest';
import type { SessionEvent } from '../format/event.ts';
import { bytesOf } from './admission.ts';

const base = { event_id: 'page-load-1.12.345', page: 'https://shop.example/lamps/gloam', timestamp: 1_770_000_000_000 };
const geometry = { viewport_width: 1280, viewport_height: 720, document_width: 1280, document_height: 4000 };
const events: SessionEvent[] = [
  { ...base, event_type: 'mousemove', x: 450, y: 320, pointer: 'mouse' },
  { ...base, event_type: 'scroll', scroll_percent: 40, scroll_x: 0, scroll_y: 1200, document_height: 4000 },
  {
    ...base,
    event_type: 'click',
    x: 450,
    y: 320,
    element: 'BUTTON#buy',
    element_box: { x: 1, y: 2, width: 30, height: 4 },
    element_x: 0.5,
    element_y: 0.25,
    fixed: false,
    effect_ms: 35,
  },
  { ...base, event_type: 'page_view', ...geometry, device_pixel_ratio: 2, scroll_x: 0, scroll_y: 0 },
  { ...base, event_type: 'navigation', from: `https://shop.example/${'a'.repeat(2000)}`, ...geometry },
  { ...base, event_type: 'visibility_change', state: 'hidden' },
  { ...base, event_type: 'error', name: 'TypeError', source: `https://shop.example/${'b'.repeat(2000)}`, line: 7 },
  { ...base, event_type: 'custom', name: 'buy', properties: { text: 'c'.repeat(256), price: 7 } },
  {
    ...base,
    event_type: 'layout',
    number: 1,
    whole: true,
    palette: ['#fff'],
    boxes: [[0, 0, 0, 1280, 64, 3, 0, 0, 1]],
  },
  { ...base, event_type: 'layout', number: 2, boxes: Array(3000).fill([1, -999_999, -999_999, 999_999, 999_999, 7]) },
];

test.each(events.map((event) => [event.event_type, event] as const))(
  'a %s counts for about the bytes of its line',
  (_type, event) => {
    const line = JSON.stringify(event).length + 1;
    expect(bytesOf([event]) / line).toBeGreaterThan(0.8);
    expect(bytesOf([event]) / line).toBeLessThan(1.25);
  },
);
