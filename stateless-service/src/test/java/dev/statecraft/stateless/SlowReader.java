package dev.statecraft.stateless;

import java.io.IOException;

/** Has a body echoed that is larger than all buffers between, and reads it one byte at a time. */
public final class SlowReader implements AutoCloseable {
  private static final byte[] PART = new byte[64 * 1024];

  private final RawClient client;

  /** Sends the body and waits until the answer has begun. */
  public SlowReader(ServiceUnderTest service) throws IOException {
    client = service.connect();
    client.send("POST /echo HTTP/1.1\r\nHost: slow\r\nContent-Length: " + ServiceUnderTest.MAXIMUM_BODY + "\r\n\r\n");
    Thread.ofVirtual().name("slow-sender").start(this::send);
    client.readTo("\r\n\r\n");
  }

  private void send() {
    try {
      for (int sent = 0; sent < ServiceUnderTest.MAXIMUM_BODY; sent += PART.length) {
        client.send(PART);
      }
    } catch (IOException closed) {
      // By the test, before the service has taken all.
    }
  }

  /** Reads one byte. */
  public void readOne() throws IOException {
    client.readTo("\0");
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
