import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import './warning.css';

/** Something that works and is worth knowing. */
export function Warning({ children }: { readonly children: ReactNode }) {
  return (
    <p className="warning">
      <TriangleAlert className="icon" aria-hidden />
      <span>{children}</span>
    </p>
  );
}
