package dev.statecraft.stateless.client;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/** Tomcat's HTTP/1.1. It also gives the serving thread its socket, and can serve a request before Tomcat parses it. */
public final class ClientAwareProtocol extends Http11NioProtocol {
  /** Bound on a thread that serves requests before Tomcat parses them. */
  public static final ScopedValue<PreParseHandler> PRE_PARSE_HANDLER = ScopedValue.newInstance();

  static final ScopedValue<SocketChannel> SOCKET = ScopedValue.newInstance();

  /** Serves a request in place of Tomcat. */
  @FunctionalInterface
  public interface PreParseHandler {
    /**
     * Serves the next request, or puts back the bytes that it has read.
     *
     * @return the new state of the connection, or null if Tomcat must serve the request
     */
    @Nullable
    SocketState handle(SocketWrapperBase<?> connection) throws IOException;
  }

  @Override
  protected Processor createProcessor() {
    return new Http11Processor(this, getAdapter()) {
      // Whether Tomcat may have read a part of the next request.
      private boolean partlyRead;

      @Override
      public SocketState service(SocketWrapperBase<?> connection) throws IOException {
        SocketState state = PRE_PARSE_HANDLER.isBound() && !partlyRead
            ? PRE_PARSE_HANDLER.get().handle(connection)
            : null;
        if (state == null) {
          state = serveByTomcat(connection);
          partlyRead = state != SocketState.OPEN && state != SocketState.CLOSED;
        }
        return state;
      }

      private SocketState serveByTomcat(SocketWrapperBase<?> connection) throws IOException {
        if (connection.getSocket() instanceof NioChannel channel) {
          return ScopedValue.where(SOCKET, channel.getIOChannel()).call(() -> super.service(connection));
        }
        return super.service(connection);
      }
    };
  }
}
