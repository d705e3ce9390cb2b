// The product's sign and name, on the key prompt and above the list.
import type { JSX } from 'preact';

export function Brand(): JSX.Element {
  return (
    <span class="brand">
      <svg class="brand-sign" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="9" />
        <path d="M9 7v16l4.4-4 3 6.6 3-1.4-3-6.4H23z" />
      </svg>
      Silhouette
    </span>
  );
}
