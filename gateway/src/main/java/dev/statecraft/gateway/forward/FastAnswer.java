package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.client.Lease;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a node on its way to the client. A short body of known length is read whole first, so that another node
 * can still answer if this one fails. Any other body streams at the pace of the client. Runs on the event loop of the
 * client.
 */
final class FastAnswer {
  private final FastExchange exchange;
  private final FastPathHandler client;
  private final int status;
  private final HttpHeaders headers;
  private final AnswerForm form;
  private @Nullable ByteBuf first;
  private @Nullable CompositeByteBuf parts;
  private @Nullable Lease memory;
  private int memoryTries;
  private boolean memoryAwaited;
  private boolean streaming;
  private boolean complete;
  private boolean discarded;

  /**
   * Makes an answer of which only the head has arrived.
   *
   * @param headers of the node; the caller adapts them
   * @param head whether the request was HEAD
   */
  FastAnswer(FastExchange exchange, FastPathHandler client, int status, HttpHeaders headers, boolean head) {
    this.exchange = exchange;
    this.client = client;
    this.status = status;
    this.headers = headers;
    this.form = AnswerForm.of(head, status, headers);
  }

  /** Returns the message of a problem. */
  static FullHttpResponse of(ProblemDocument problem) {
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    problem.headers().forEach(headers::set);
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(problem.status()),
        Unpooled.wrappedBuffer(problem.body()), headers, EmptyHttpHeaders.INSTANCE);
  }

  int status() {
    return status;
  }

  /** Tells whether the client has received a part of the answer. */
  boolean isStreaming() {
    return streaming;
  }

  void start() {
    if (form.countedBytes() > 0) {
      reserve();
    } else if (form.isStreamed()) {
      stream();
    }
  }

  /** Takes memory for the body. Until there is some, bytes stay in the socket of the node. */
  private void reserve() {
    memoryAwaited = false;
    if (discarded) {
      return;
    }
    Lease lease = client.services().memory().tryAcquire(form.countedBytes(), client.connection());
    if (lease != null) {
      memory = lease;
      if (memoryTries > 0) {
        exchange.reading(true);
      }
      if (form.isStreamed()) {
        stream();
      } else if (complete) {
        finish();
      }
    } else if (memoryTries++ < AnswerForm.MAX_MEMORY_TRIES) {
      memoryAwaited = true;
      exchange.reading(false);
      var _ = client.channel().eventLoop().schedule(this::reserve, AnswerForm.MEMORY_PAUSE.toMillis(),
          TimeUnit.MILLISECONDS);
    } else {
      discard();
      exchange.abandon(AnswerForm.tooManyBytes());
    }
  }

  private void stream() {
    streaming = true;
    exchange.passedOn(status);
    if (!headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    client.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers));
    ByteBuf before = takeBody();
    if (before.isReadable()) {
      client.write(new DefaultHttpContent(before));
    }
    if (complete) {
      finish();
    } else {
      client.flush();
      exchange.reading(client.channel().isWritable());
    }
  }

  /** Takes a part of the body. */
  void part(ByteBuf part) {
    if (!streaming) {
      keep(part);
      return;
    }
    client.write(new DefaultHttpContent(part));
    client.flush();
    exchange.reading(client.channel().isWritable());
  }

  private void keep(ByteBuf part) {
    ByteBuf one = first;
    CompositeByteBuf several = parts;
    if (several != null) {
      several.addComponent(true, part);
    } else if (one == null) {
      first = part;
    } else {
      parts = client.channel().alloc().compositeBuffer(AnswerForm.MAX_PARTS).addComponent(true, one)
          .addComponent(true, part);
      first = null;
    }
  }

  private ByteBuf takeBody() {
    ByteBuf body = parts != null ? parts : first;
    parts = null;
    first = null;
    return body == null ? Unpooled.EMPTY_BUFFER : body;
  }

  /** Records that the node has sent all. */
  void end() {
    complete = true;
    if (!memoryAwaited) {
      finish();
    }
  }

  private void finish() {
    Lease held = memory;
    memory = null;
    Runnable after = held == null ? () -> {} : held::giveBack;
    if (streaming) {
      exchange.succeeded(status);
      client.finish(exchange, LastHttpContent.EMPTY_LAST_CONTENT, after);
      return;
    }
    exchange.passedOn(status);
    exchange.succeeded(status);
    client.finish(exchange, new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status),
        takeBody(), headers, EmptyHttpHeaders.INSTANCE), after);
  }

  void clientWritable(boolean writable) {
    if (streaming && !complete) {
      exchange.reading(writable);
    }
  }

  /** Releases what is not written. */
  void discard() {
    discarded = true;
    takeBody().release();
    Lease held = memory;
    memory = null;
    if (held != null) {
      held.giveBack();
    }
  }
}
