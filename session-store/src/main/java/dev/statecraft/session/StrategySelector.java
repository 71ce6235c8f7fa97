package dev.statecraft.session;

import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Imports the configuration of the selected strategy, and loads no class of the others. */
final class StrategySelector implements ImportSelector {
  private final Environment environment;
  private final ClassLoader classes;

  StrategySelector(Environment environment, ClassLoader classes) {
    this.environment = environment;
    this.classes = classes;
  }

  @Override
  public String[] selectImports(AnnotationMetadata importingClass) {
    return new String[]{SessionStrategies.load(classes).selected(environment).configuration().getName()};
  }
}
