package dev.statecraft.session.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.ContractClause;
import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStrategy;
import dev.statecraft.session.attribute.AttributeCodec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Starts the nodes of a strategy for each contract test, and sends requests to them. */
public abstract class ContractFixture {
  private @Nullable TestCluster cluster;

  protected abstract SessionStrategy strategy();

  /** The guarantee that the nodes document. */
  protected Guarantee guarantee() {
    return strategy().guarantee();
  }

  /** Starts at least two nodes that are ready to serve. They are closed after each test. */
  protected abstract TestCluster start();

  /**
   * The number of forged tokens that the nodes reject: 100,000. A suite lowers it if another one reads tokens by the
   * same code and rejects 100,000.
   */
  protected int forgedTokens() {
    return 100_000;
  }

  /** The codec of the repositories under test. */
  protected static AttributeCodec codec() {
    return new AttributeCodec(List.of(SessionContract.Note.class));
  }

  @BeforeEach
  void startCluster() {
    cluster = start();
  }

  @AfterEach
  void closeCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  protected final TestCluster cluster() {
    return Objects.requireNonNull(cluster);
  }

  protected final TestRequest<?> open() {
    return TestRequest.open(cluster().node(0), cluster().now());
  }

  protected final @Nullable TestRequest<?> tryBegin(int node, String token) {
    return TestRequest.begin(cluster().node(node), token, cluster().now());
  }

  protected final TestRequest<?> begin(String token) {
    return Objects.requireNonNull(tryBegin(0, token), "no session for the token");
  }

  /** Creates a session with one attribute and returns its token. */
  protected final String createSession(String attribute, Object value) {
    return open().set(attribute, value).finish();
  }

  final boolean findsNothing(String token) {
    return tryBegin(0, token) == null;
  }

  final boolean meets(ContractClause clause) {
    return !guarantee().unmet().contains(clause);
  }

  final void verifyClause(ContractClause clause, boolean met) {
    assertThat(met)
        .as(meets(clause) ? "%s meets %s" : "%s shows the anomaly that it declares for %s",
            strategy().name(), clause)
        .isEqualTo(meets(clause));
  }
}
