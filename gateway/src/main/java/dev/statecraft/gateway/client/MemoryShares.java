package dev.statecraft.gateway.client;

import io.netty.util.internal.PlatformDependent;

/**
 * The shares of the gateway's memory that clients may use. All depend on the maximum size of the heap, which the JVM
 * derives from the memory of the container. So a gateway of any size can serve as many hostile clients as it accepts.
 *
 * @param heapBytes maximum size of the heap
 * @param directBytes maximum size of the direct memory
 */
record MemoryShares(long heapBytes, long directBytes) {
  /**
   * The direct memory that clients may fill is a third of the heap. The JVM allows as much direct memory as heap, but a
   * container has no memory for that. A lower limit of the JVM or of Netty would only make allocations fail.
   */
  private static final int HEAP_PER_DIRECT = 3;
  /** A connection keeps up to {@link ClientConfiguration#MAX_READ_BYTES} that are not decoded yet. */
  private static final int BYTES_PER_CONNECTION = 3 * ClientConfiguration.MAX_READ_BYTES;
  private static final int MIN_CONNECTIONS = 64;
  private static final int MAX_CONNECTIONS = 16_384;
  private static final int BODIES_PART = 4;

  /** Returns the shares of this JVM. */
  static MemoryShares ofThisJvm() {
    return new MemoryShares(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
  }

  /** Returns the maximum number of client connections. */
  int connections() {
    return Math.clamp(clientBytes() / BYTES_PER_CONNECTION, MIN_CONNECTIONS, MAX_CONNECTIONS);
  }

  /** Returns the maximum number of body bytes in memory. */
  long bodyBytes() {
    return clientBytes() / BODIES_PART;
  }

  private long clientBytes() {
    return Math.min(directBytes, heapBytes / HEAP_PER_DIRECT);
  }
}
