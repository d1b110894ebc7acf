namespace Candor.Health.Checks;

/// <summary>
/// Maps the exceptions of one client library to reasons of health. The packages for drivers each register one; an app may add its
/// own: <c>services.AddFailureClassifier&lt;MyClassifier&gt;()</c>.
/// </summary>
public interface IFailureClassifier
{
    /// <summary>The cause behind one exception of a chain, or null when it is not one of this library's. Inner exceptions are asked for by themselves.</summary>
    FailureCause? Classify(Exception exception);

    /// <summary>The kind of dependency that the library talks to (<c>postgres</c>); null (default) when its exceptions do not belong to one dependency.</summary>
    string? Kind => null;
}
