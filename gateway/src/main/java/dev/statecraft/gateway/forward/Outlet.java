package dev.statecraft.gateway.forward;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.publisher.Mono;

/** Where the answer of a node goes: to the client at once, or through the filters of a route. */
interface Outlet {
  /**
   * The head of an answer.
   *
   * @param headers without hop-by-hop fields
   * @param bodiless whether the answer has no body whatever its headers say, as the answer to HEAD
   */
  record Head(int status, HttpHeaders headers, boolean bodiless) {}

  /** Tells whether an answer can still be written: none of its bytes were sent, and no filter has seen it. */
  boolean isOpen();

  /**
   * Writes an answer.
   *
   * @param body is written once or released
   */
  Mono<Void> write(Head head, Publisher<DataBuffer> body);

  /**
   * Lets a tunnel take over the connection of the client.
   *
   * @param tunnel sends the headers of the answer 101, and completes when the connection is closed
   */
  Mono<Void> switchProtocols(Head head, Function<HttpHeaders, Mono<Void>> tunnel);
}
