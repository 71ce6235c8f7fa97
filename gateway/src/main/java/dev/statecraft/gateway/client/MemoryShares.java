package dev.statecraft.gateway.client;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/**
 * The shares of the gateway's memory that clients may use. All depend on the maximum size of the heap, which the JVM
 * derives from the memory of the container. So a gateway of any size can serve as many hostile clients as it accepts.
 *
 * @param heapBytes maximum size of the heap
 * @param directBytes maximum size of Netty's direct memory
 */
public record MemoryShares(long heapBytes, long directBytes) {
  /** Netty reads this property once, when its classes are loaded. */
  static final String MAX_DIRECT_MEMORY = "io.netty.maxDirectMemory";

  /** By default the JVM allows as much direct memory as heap, and a container has no memory for that. */
  private static final int HEAP_PER_DIRECT = 3;
  /** What a connection keeps at most: received bytes that are not decoded yet. */
  private static final int DIRECT_BYTES_PER_CONNECTION = 2 * ClientConfiguration.MAX_READ_BYTES;
  /** A connection with its handlers, and a request whose head is as long as it may be. */
  private static final int HEAP_BYTES_PER_CONNECTION = 96 * 1024;
  private static final int MIN_CONNECTIONS = 64;
  private static final int MAX_CONNECTIONS = 16_384;
  private static final int DIRECT_PER_BODIES = 3;

  /** Returns the shares of this JVM. */
  static MemoryShares ofThisJvm() {
    return new MemoryShares(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
  }

  /**
   * Limits the direct memory to a third of the heap, unless the JVM was started with a limit. Must be called before a
   * class of Netty is loaded.
   */
  public static void limitDirectMemory() {
    boolean limited = System.getProperty(MAX_DIRECT_MEMORY) != null || ManagementFactory.getRuntimeMXBean()
        .getInputArguments().stream().anyMatch(option -> option.startsWith("-XX:MaxDirectMemorySize="));
    if (!limited) {
      System.setProperty(MAX_DIRECT_MEMORY, Long.toString(Runtime.getRuntime().maxMemory() / HEAP_PER_DIRECT));
    }
  }

  /** Returns the maximum number of client connections. */
  int connections() {
    return Math.clamp(Math.min(directBytes / DIRECT_BYTES_PER_CONNECTION, heapBytes / HEAP_BYTES_PER_CONNECTION),
        MIN_CONNECTIONS, MAX_CONNECTIONS);
  }

  /** Returns the maximum number of body bytes in memory. */
  long bodyBytes() {
    return directBytes / DIRECT_PER_BODIES;
  }
}
