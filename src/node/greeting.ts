// What a newcomer reads once the server is ready. Printed by main.ts and dev-cloudflare.ts.
import type { Settings } from './settings.ts';

/** `apiKey` is the one in use; it is not repeated where the user set it. */
export function greet({ apiKey: setKey, demo }: Settings, origin: string, apiKey: string): void {
  const lines = [
    'Silhouette is ready.',
    '',
    ...(demo ? [`  Demo site  ${origin}/demo/`] : []),
    `  Viewer     ${origin}/replay`,
    `  API key    ${setKey === null ? apiKey : '(the one that API_KEY sets)'}`,
    '',
    `Record a site of your own: <script defer src="${origin}/tracker.js"></script>`,
  ];
  console.log(lines.join('\n'));
}
