// Takes what could name a person out of an element's or an address's text. Used by tracker and parser alike, so cutting twice changes nothing.

/** Each match runs from one delimiter to the next, so that the time stays linear. */
const EMAIL = /[^\s#/@]+@[^\s#/@]+\.[^\s#/@]+/g;
/** A UUID (36 of its letters, digits and hyphens), 16 or more letters and digits, or 6 or more digits. */
const CODE = /[\da-f-]{36}|[a-z\d]{16,}|\d{6,}/gi;

/** Replaces e-mail addresses by `*`. */
export const maskEmail = (text: string): string => {
  return text.includes('@') ? text.replace(EMAIL, '*') : text;
};

/**
 * Replaces by `*` what looks like an e-mail address, a UUID, a token (16 or more letters and digits, of both kinds) or
 * a run of 6 or more digits: `INPUT#user-482913.field` becomes `INPUT#user-*.field`.
 */
export const maskElement = (text: string): string => {
  return maskEmail(text).replace(CODE, (run) => (/\d/.test(run) ? '*' : run));
};
