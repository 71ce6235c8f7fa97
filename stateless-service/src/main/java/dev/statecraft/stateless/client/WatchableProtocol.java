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

/**
 * Tomcat's HTTP/1.1, which also lets the serving thread know the socket that it serves, and lets it serve a request in
 * a way of its own.
 */
public final class WatchableProtocol extends Http11NioProtocol {
  /** Bound on a thread that has a shorter way to serve a request. */
  public static final ScopedValue<Shortcut> SHORTCUT = ScopedValue.newInstance();

  static final ScopedValue<SocketChannel> CONNECTION = ScopedValue.newInstance();

  /** Serves a connection in place of Tomcat's processor. */
  @FunctionalInterface
  public interface Shortcut {
    /**
     * Serves the next request, or puts back what it has read of it.
     *
     * @return what is to become of the connection, or null where Tomcat is to serve it
     */
    @Nullable
    SocketState service(SocketWrapperBase<?> connection) throws IOException;
  }

  @Override
  protected Processor createProcessor() {
    return new Http11Processor(this, getAdapter()) {
      // Whether a part of a request may have been read.
      private boolean midway;

      @Override
      public SocketState service(SocketWrapperBase<?> connection) throws IOException {
        SocketState served = SHORTCUT.isBound() && !midway ? SHORTCUT.get().service(connection) : null;
        if (served == null) {
          served = serve(connection);
          midway = served != SocketState.OPEN && served != SocketState.CLOSED;
        }
        return served;
      }

      private SocketState serve(SocketWrapperBase<?> connection) throws IOException {
        if (connection.getSocket() instanceof NioChannel channel) {
          return ScopedValue.where(CONNECTION, channel.getIOChannel()).call(() -> super.service(connection));
        }
        return super.service(connection);
      }
    };
  }
}
