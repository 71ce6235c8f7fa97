package dev.statecraft.service.contract;

import java.io.IOException;

/** Sends a body to echo that is larger than all buffers, and reads the answer byte by byte. */
public final class SlowReader implements AutoCloseable {
  private static final byte[] PART = new byte[64 * 1024];

  private final RawClient client;

  /** Starts sending the body, and waits for the head of the answer. */
  public SlowReader(ServiceUnderTest service) throws IOException {
    client = service.connect();
    client.send("POST /echo HTTP/1.1\r\nHost: slow\r\nContent-Length: " + ServiceUnderTest.MAX_BODY_BYTES + "\r\n\r\n");
    Thread.ofVirtual().name("slow-sender").start(this::send);
    client.readTo("\r\n\r\n");
  }

  private void send() {
    try {
      for (int sent = 0; sent < ServiceUnderTest.MAX_BODY_BYTES; sent += PART.length) {
        client.send(PART);
      }
    } catch (IOException closed) {
      // The test has closed the connection before the end of the body.
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
