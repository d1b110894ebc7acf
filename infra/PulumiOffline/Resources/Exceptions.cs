namespace Pulumi;

/// <summary>The program cannot continue; the message is for the user.</summary>
public class RunException : Exception
{
    /// <summary>With a message for the user.</summary>
    public RunException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for the user and its cause.</summary>
    public RunException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Some [Output] properties are not of an output type.</summary>
    public static RunException OutputsHaveIncorrectType(IEnumerable<string> outputAttributeNames)
        => new(
            $"Output(s) '{string.Join(", ", outputAttributeNames)}' have incorrect type. [Output] attributed properties must be "
                + "instances of Output<T>.");
}

/// <summary>Something is wrong with one resource.</summary>
public class ResourceException : Exception
{
    /// <summary>With a message for the user and the resource it is about.</summary>
    public ResourceException(string message, Resource? resource, bool hideStack = false)
        : base(message)
    {
        Resource = resource;
        HideStack = hideStack;
    }

    internal Resource? Resource { get; }

    internal bool HideStack { get; }
}
