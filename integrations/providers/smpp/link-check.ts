/** Whether the operator is still there (SMPP 3.4, 4.11): after a silence it is asked, and must say something soon. Pure. */
export interface LinkCheck {
  /** Any PDU is a sign of life. */
  heard(nowMs: number): void;
  /** `ask` once in a silence, then `dead` when it goes on. */
  look(nowMs: number): 'fine' | 'ask' | 'dead';
}

export function linkCheck(silenceMs: number, answerMs: number, startMs: number): LinkCheck {
  let lastHeard = startMs;
  let askedAt: number | null = null;
  return {
    heard(nowMs) {
      lastHeard = nowMs;
      askedAt = null;
    },
    look(nowMs) {
      if (askedAt !== null) return nowMs - askedAt >= answerMs ? 'dead' : 'fine';
      if (nowMs - lastHeard < silenceMs) return 'fine';
      askedAt = nowMs;
      return 'ask';
    },
  };
}
