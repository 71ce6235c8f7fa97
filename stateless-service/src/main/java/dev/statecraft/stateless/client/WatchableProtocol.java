package dev.statecraft.stateless.client;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** Tomcat's HTTP/1.1, which also lets the serving thread know the socket that it serves. */
public final class WatchableProtocol extends Http11NioProtocol {
  static final ScopedValue<SocketChannel> CONNECTION = ScopedValue.newInstance();

  @Override
  protected Processor createProcessor() {
    return new Http11Processor(this, getAdapter()) {
      @Override
      public SocketState service(SocketWrapperBase<?> connection) throws IOException {
        if (connection.getSocket() instanceof NioChannel channel) {
          return ScopedValue.where(CONNECTION, channel.getIOChannel()).call(() -> super.service(connection));
        }
        return super.service(connection);
      }
    };
  }
}
