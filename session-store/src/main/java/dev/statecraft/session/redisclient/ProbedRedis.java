package dev.statecraft.session.redisclient;

import io.lettuce.core.RedisCommandExecutionException;

/** What the last write probe learned about Redis. */
enum ProbedRedis {
  ACCEPTS_WRITES,
  /** A server answers, and refuses the write: a replica, or a primary whose memory or disk is full. */
  REFUSES_WRITES,
  /** No server answers. */
  DOWN;

  private static final int MAX_CAUSE_DEPTH = 20;

  static ProbedRedis of(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSE_DEPTH; depth++) {
      if (cause instanceof RedisCommandExecutionException) {
        return REFUSES_WRITES;
      }
      cause = cause.getCause();
    }
    return DOWN;
  }
}
