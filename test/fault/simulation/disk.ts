// A simulated disk: what is not synced may be gone, torn or kept at a crash, each by itself. Used by the simulated stores.
import type { Chance } from './chance.ts';

/** Error of the disk: EIO, or ENOSPC where `full`. */
export class DiskError extends Error {
  readonly full: boolean;
  constructor(full: boolean) {
    super(full ? 'ENOSPC' : 'EIO');
    this.full = full;
  }
}

interface File {
  bytes: Uint8Array;
  /** How many of its first bytes outlive a crash. */
  synced: number;
}

export class Disk {
  private readonly chance: Chance;
  /** How often a name may have come to be. */
  named = 0;
  /** As programs see it. */
  private files = new Map<string, File>();
  /** Names as they outlive a crash; null: none such, until the folder is synced. */
  private durable = new Map<string, File>();

  constructor(chance: Chance) {
    this.chance = chance;
  }

  /** Throws DiskError now and then. */
  strain(probability: number): void {
    if (this.chance.fails(probability)) throw new DiskError(this.chance.is(0.4));
  }

  read(name: string): Uint8Array | null {
    return this.files.get(name)?.bytes.slice() ?? null;
  }

  /** In ascending order of code units. */
  names(prefix: string): string[] {
    return [...this.files.keys()].filter((name) => name.startsWith(prefix)).sort();
  }

  append(name: string, bytes: Uint8Array): void {
    this.strain(0.01);
    const file = this.files.get(name) ?? { bytes: new Uint8Array(), synced: 0 };
    const joined = new Uint8Array(file.bytes.length + bytes.length);
    joined.set(file.bytes);
    joined.set(bytes, file.bytes.length);
    file.bytes = joined;
    this.files.set(name, file);
  }

  cut(name: string, length: number): void {
    const file = this.files.get(name);
    if (!file) return;
    file.bytes = file.bytes.slice(0, length);
    file.synced = Math.min(file.synced, length);
  }

  sync(name: string): void {
    this.strain(0.02);
    const file = this.files.get(name)!;
    file.synced = file.bytes.length;
  }

  /** False: the new name exists. */
  link(from: string, to: string): boolean {
    this.strain(0.01);
    if (this.files.has(to)) return false;
    this.files.set(to, this.files.get(from)!);
    this.named++;
    return true;
  }

  unlink(name: string): boolean {
    return this.files.delete(name);
  }

  /** Makes the names of a folder durable. */
  syncNames(prefix: string): void {
    this.strain(0.01);
    for (const name of [...this.durable.keys()])
      if (name.startsWith(prefix) && !this.files.has(name)) this.durable.delete(name);
    for (const [name, file] of this.files) if (name.startsWith(prefix)) this.durable.set(name, file);
  }

  /** What is there after the power failed. */
  crash(): void {
    const names = new Set([...this.durable.keys(), ...this.files.keys()]);
    const after = new Map<string, File>();
    for (const name of [...names].sort()) {
      const before = this.durable.get(name);
      const now = this.files.get(name);
      const kept = before === now || this.chance.is(0.5) ? now : before;
      if (kept && !after.has(name)) after.set(name, { bytes: this.remains(kept), synced: 0 });
    }
    for (const file of after.values()) file.synced = file.bytes.length;
    this.files = after;
    this.durable = new Map(after);
    this.named++;
  }

  /** Of what was not synced: all, nothing, a part, or the length without the bytes. */
  private remains({ bytes, synced }: File): Uint8Array {
    const rest = bytes.length - synced;
    if (rest === 0) return bytes.slice();
    switch (this.chance.below(4)) {
      case 0:
        return bytes.slice();
      case 1:
        return bytes.slice(0, synced);
      case 2:
        return bytes.slice(0, synced + this.chance.below(rest));
      default: {
        const zeroed = bytes.slice();
        zeroed.fill(0, synced + this.chance.below(rest));
        return zeroed;
      }
    }
  }
}
