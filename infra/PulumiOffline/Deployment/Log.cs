namespace Pulumi;

/// <summary>Messages to the engine; an error fails the run. The mocks' engine keeps errors only.</summary>
public static class Log
{
    /// <summary>For whoever looks closely.</summary>
    public static void Debug(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
    {
    }

    /// <summary>Good to know.</summary>
    public static void Info(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
    {
    }

    /// <summary>Something may be wrong.</summary>
    public static void Warn(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
    {
    }

    /// <summary>Something is wrong: the run fails with this message.</summary>
    public static void Error(string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
    {
        var errors = Deployment.Current.Errors;
        lock (errors)
        {
            errors.Add(message);
        }
    }

    /// <summary>Something is wrong: the run fails with this exception.</summary>
    public static void Exception(Exception exception, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
        => Error(exception.ToString(), resource, streamId, ephemeral);
}
