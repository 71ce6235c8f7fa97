package dev.statecraft.session.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A strategy logs neither the token of a session nor the value of an attribute, at any level. */
public abstract class LogContract extends SessionEventContract {
  private static final String VALUE = "attribute-value-4711";
  private static final int MIN_SECRET_LENGTH = 16;

  @Test
  void logsNeitherTokensNorAttributeValues() {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.statecraft");
    Level level = logger.getLevel();
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.setLevel(Level.TRACE);
    logger.addAppender(appender);
    List<String> tokens;
    try {
      tokens = useSessions();
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(level);
    }
    List<String> lines = List.copyOf(appender.list).stream().map(LogContract::text).toList();
    assertThat(lines).noneMatch(line -> line.contains(VALUE));
    for (String token : tokens) {
      for (String part : token.split("[.:]", -1)) {
        if (part.length() >= MIN_SECRET_LENGTH) {
          assertThat(lines).noneMatch(line -> line.contains(part));
        }
      }
    }
  }

  /** Returns the tokens of the sessions. */
  private List<String> useSessions() {
    List<String> tokens = new ArrayList<>();
    String token = createSession("user", VALUE);
    tokens.add(token);
    token = begin(token).set("cart", VALUE + "-cart").finish();
    tokens.add(token);
    TestRequest<?> rotated = begin(token);
    rotated.session().changeSessionId();
    token = rotated.finish();
    tokens.add(token);
    var _ = tryBegin(1, token);
    var _ = tryBegin(0, token + "x");
    TestRequest<?> first = begin(token).set("cart", VALUE + "-first");
    TestRequest<?> second = begin(token).set("cart", VALUE + "-second");
    tokens.add(first.finish());
    var _ = catchThrowable(() -> tokens.add(second.finish()));
    begin(tokens.getLast()).logOut();
    var _ = tryBegin(0, token);
    String expired = createSession("user", VALUE);
    tokens.add(expired);
    cluster().pass(SessionContract.TIMEOUT.multipliedBy(2));
    var _ = tryBegin(0, expired);
    return tokens;
  }

  private static String text(ILoggingEvent event) {
    StringBuilder text = new StringBuilder(event.getFormattedMessage());
    for (IThrowableProxy cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
      text.append('\n').append(cause.getMessage());
    }
    return text.toString();
  }
}
