// Attacks of the catalogue that no test makes, each with its reason. coverage.test.ts looks whether each of the others is made.

export const SKIPPED: Readonly<Record<string, string>> = {
  P063: 'there is no export of tables: sessions are exported as NDJSON, lists are read as JSON',
  P099: 'measured by scripts/key-timing.mjs, on a machine at rest: a suite that shares its machine would measure that',
  P101: 'a data directory is one site: keys have scopes (read, erase), none is of a part of the sessions',
  P123: 'the contract gives one address 300 new sessions a minute and 200 batches a second, and both are held to',
  P156: 'a page that forbids the tracker its server looks to the tracker like one whose network is away, and that it waits out, with pauses of up to five minutes, as the contract has it',
};
