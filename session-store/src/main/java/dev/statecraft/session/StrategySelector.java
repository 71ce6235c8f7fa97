package dev.statecraft.session;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Imports the configuration of the selected strategy, and loads no class of the others. */
final class StrategySelector implements ImportSelector, EnvironmentAware, BeanClassLoaderAware {
  @SuppressWarnings("NullAway.Init") // Spring sets it before selectImports
  private Environment environment;
  @SuppressWarnings("NullAway.Init") // Spring sets it before selectImports
  private ClassLoader classes;

  @Override
  public void setEnvironment(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void setBeanClassLoader(ClassLoader classes) {
    this.classes = classes;
  }

  @Override
  public String[] selectImports(AnnotationMetadata importingClass) {
    return new String[]{SessionStrategies.load(classes).selected(environment).configuration().getName()};
  }
}
