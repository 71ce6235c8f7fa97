package dev.statecraft.gateway.accesslog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.statecraft.gateway.client.ForwardedClient;
import dev.statecraft.gateway.client.TrustedProxies;
import dev.statecraft.gateway.trace.TraceId;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.http.server.logging.AccessLogArgProvider;

/**
 * One answered request. It has no cookies and no session id in its URI.
 *
 * @param time when the request arrived, ISO 8601
 * @param client address of the client, behind trusted proxies too
 * @param bytes of the answer's body
 * @param durationMillis from the head of the request to the end of the answer
 * @param node that answered, as it calls itself in {@code X-Served-By}
 * @param traceId of the request, if the gateway traces
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AccessLogEntry(String time, String client, String method, String uri, String protocol, int status, long bytes,
    @JsonProperty("duration_ms") long durationMillis, @Nullable String node, @Nullable String referer,
    @JsonProperty("user_agent") @Nullable String userAgent, @JsonProperty("trace_id") @Nullable String traceId) {
  private static final Pattern SESSION_ID = Pattern.compile(";jsessionid=[^/?;#]*", Pattern.CASE_INSENSITIVE);
  private static final DateTimeFormatter COMBINED_TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z",
      Locale.ROOT);
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LAST_PRINTABLE = 0x7e;

  static AccessLogEntry of(AccessLogArgProvider served, TrustedProxies proxies) {
    ZonedDateTime time = Objects.requireNonNull(served.accessDateTime()).truncatedTo(ChronoUnit.MILLIS);
    @Nullable
    SocketAddress peer = served.connectionInformation() == null
        ? null
        : served.connectionInformation().connectionRemoteAddress();
    String address = peer instanceof InetSocketAddress internet && internet.getAddress() != null
        ? internet.getAddress().getHostAddress()
        : String.valueOf(peer);
    return new AccessLogEntry(time.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME),
        proxies.resolve(address, "http", forwardedHeaders(served)).address(), text(served.method()),
        SESSION_ID.matcher(text(served.uri())).replaceAll(""), text(served.protocol()),
        Integer.parseInt(text(served.status())), Math.max(0, served.contentLength()), served.duration(),
        optional(served.responseHeader("X-Served-By")), withoutSessionId(served.requestHeader(HttpHeaderNames.REFERER)),
        optional(served.requestHeader(HttpHeaderNames.USER_AGENT)),
        served.connectionInformation() instanceof Connection connection
            ? connection.channel().attr(TraceId.OF_REQUEST).get()
            : null);
  }

  /** Returns the line in the combined format. */
  String toCombinedFormat() {
    return client + " - - [" + ZonedDateTime.parse(time).format(COMBINED_TIME) + "] " + quoted(
        method + ' ' + uri + ' ' + protocol) + ' ' + status + ' ' + bytes + ' ' + quoted(referer) + ' '
        + quoted(userAgent);
  }

  /** Returns the header fields that tell the client's address; all of their lines. */
  private static HttpHeaders forwardedHeaders(AccessLogArgProvider served) {
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = served.requestHeaderIterator();
    while (fields != null && fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      if (ForwardedClient.tellsAddress(field.getKey())) {
        headers.add(field.getKey(), field.getValue());
      }
    }
    return headers;
  }

  private static @Nullable String withoutSessionId(@Nullable CharSequence uri) {
    return uri == null ? null : SESSION_ID.matcher(uri).replaceAll("");
  }

  private static String text(@Nullable CharSequence text) {
    return text == null ? "-" : text.toString();
  }

  private static @Nullable String optional(@Nullable CharSequence text) {
    return text == null ? null : text.toString();
  }

  /** Quotes a field as Apache does: a client cannot forge another field or line. */
  private static String quoted(@Nullable String field) {
    if (field == null) {
      return "\"-\"";
    }
    StringBuilder quoted = new StringBuilder(field.length() + 2).append('"');
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE) {
        quoted.append(c);
      } else {
        quoted.append(String.format(Locale.ROOT, c > 0xff ? "\\u%04x" : "\\x%02x", (int) c));
      }
    }
    return quoted.append('"').toString();
  }
}
