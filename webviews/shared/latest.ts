/**
 * Of several answers to one kind of question only the newest counts, whichever comes first: an older one that comes late, or
 * was given up for a newer question, is passed over in silence.
 */
export class Latest {
  #asked = 0;

  /**
   * @returns the answer; null when a newer question of the kind was asked meanwhile
   * @throws what the newest question is refused with
   */
  async of<T>(answer: Promise<T>): Promise<{ readonly answer: T } | null> {
    this.#asked += 1;
    const own = this.#asked;
    try {
      const given = await answer;
      return own === this.#asked ? { answer: given } : null;
    } catch (error) {
      if (own !== this.#asked) return null;
      throw error;
    }
  }

  /** Passes over whatever is still on its way. */
  drop(): void {
    this.#asked += 1;
  }
}
