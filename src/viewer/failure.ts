// Why a request brought nothing, as a sentence for the user and what he can do. `api.ts` makes them, the screens show them.

/** key: to be entered again · absent: no such session · gone: it was there a moment ago · unreachable, busy: worth another try · unreadable: not what a Silhouette server says · over: a share link that was valid once · broken: a link or file that holds no session. */
export type FailureKind = 'key' | 'absent' | 'gone' | 'unreachable' | 'busy' | 'unreadable' | 'over' | 'broken';

export class Failure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, sentence: string) {
    super(sentence);
    this.kind = kind;
  }
}

/** Characters of a server's own words that are shown. */
const DETAIL_MAX = 300;

/** The failure that an answer which is not 2xx means; the body is used for its `detail`, as text. */
export async function failureOf(response: Response): Promise<Failure> {
  if (response.status === 401 || response.status === 403) {
    const { share } = await saidOf(response);
    if (share === 'expired')
      return new Failure('over', 'The time for which this link was valid is over. Ask whoever sent it for a new one.');
    if (share === 'revoked')
      return new Failure('over', 'This link was taken back by whoever made it. Ask whoever sent it for a new one.');
    if (response.status === 403) return new Failure('key', 'That key may not read sessions. Enter another one.');
    return new Failure('key', 'That key was not accepted. Check it for missing characters and enter it again.');
  }
  if (response.status === 404) {
    return new Failure(
      'absent',
      'This session does not exist. It may have been erased, or its retention time is over.',
    );
  }
  if (response.status === 429 || response.status >= 500) {
    const said = await detailOf(response);
    return new Failure('busy', said || 'The server cannot answer right now.');
  }
  return new Failure(
    'unreadable',
    (await detailOf(response)) || `The server refused the request (${response.status}).`,
  );
}

/** Any error thrown on the way as a failure; an abort stays what it is. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof SyntaxError) {
    return new Failure('unreadable', 'The answer broke off or is not what a Silhouette server sends.');
  }
  return new Failure('unreachable', 'The server does not answer. Check that it is running and that you are online.');
}

/** As a sentence. */
async function detailOf(response: Response): Promise<string> {
  const { detail } = await saidOf(response);
  if (typeof detail !== 'string' || detail === '') return '';
  const said = detail.slice(0, DETAIL_MAX);
  return `${said[0]!.toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? '' : '.'}`;
}

async function saidOf(response: Response): Promise<{ detail?: unknown; share?: unknown }> {
  try {
    return ((await response.json()) as object | null) ?? {};
  } catch {
    return {};
  }
}
