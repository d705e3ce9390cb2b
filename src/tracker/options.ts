// What the site's owner wrote on the script tag. Read once by main, looked up everywhere.
import { PARAMETERS_MAX } from '../format/limits.ts';

/**
 * `data-sample`: share of the sessions to record, 0 to 1. `data-consent="required"`: nothing is stored or sent before
 * `silhouette.start()`. `data-privacy-signals="ignore"`: DNT and GPC stop nothing. `data-silhouette="off"`: no outline
 * of the page is told.
 */
export let options: DOMStringMap;
/** Where batches go: `data-endpoint`, else `collect` beside the script. */
export let endpoint: string | URL;
/** `data-params="a,b"`: names of the URL parameters that may leave the browser. */
export let params: string[];

export const readOptions = (): void => {
  // A module is no `currentScript`.
  ({ dataset: options, src: endpoint } = (document.currentScript ??
    document.querySelector('[src*="/tracker.js"]')) as HTMLScriptElement);
  endpoint = options.endpoint ?? new URL('collect', endpoint);
  params = options.params?.match(/[\w.~-]+/g)?.slice(0, PARAMETERS_MAX) ?? [];
};
