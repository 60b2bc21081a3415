/** The mark of the product. Says nothing: its name stands beside it. */
export function Logo({ size }: { size: number }) {
  return (
    <svg
      viewBox="0 0 32 32"
      width={size}
      height={size}
      aria-hidden
      focusable={false}
      className="logo"
    >
      <rect width="32" height="32" rx="8" fill="#1f6f5c" />
      <path
        d="M7 21.5 25 9.5M9.5 20v5M22.5 11.3V25"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
        fill="none"
      />
    </svg>
  );
}
