interface BarProps {
  value: number;
  max: number;
  /** Width of the track, as a part of the greatest one beside it. */
  width?: number;
}

/** How much of something there is. For the eye only: the numbers stand beside it. */
export function Bar({ value, max, width = 1 }: BarProps) {
  const filled = max > 0 ? Math.min(1, value / max) : 0;
  return (
    <span class="bar" aria-hidden="true" style={{ width: percent(width) }}>
      <span style={{ width: percent(filled) }} />
    </span>
  );
}

/** A share of a whole as a ring around its number. */
export function Ring({ value, label }: { value: number; label: string }) {
  return (
    <svg class="ring" viewBox="0 0 120 120" role="img" aria-label={label}>
      <circle class="track" cx="60" cy="60" r="52" />
      <circle class="fill" cx="60" cy="60" r="52" pathLength="100" stroke-dasharray={`${value} 100`} />
      <text x="60" y="60" text-anchor="middle" dominant-baseline="central">
        {value}
      </text>
    </svg>
  );
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)}%`;
}
