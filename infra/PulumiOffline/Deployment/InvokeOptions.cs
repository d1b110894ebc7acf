namespace Pulumi;

/// <summary>How a lookup is made.</summary>
public class InvokeOptions
{
    /// <summary>The resource whose provider is used.</summary>
    public Resource? Parent { get; set; }

    /// <summary>The provider to use.</summary>
    public ProviderResource? Provider { get; set; }

    /// <summary>The provider's version.</summary>
    public string? Version { get; set; }

    /// <summary>Where the provider's plugin comes from.</summary>
    public string? PluginDownloadURL { get; set; }
}

/// <summary>How a lookup with inputs is made.</summary>
public class InvokeOutputOptions : InvokeOptions
{
    /// <summary>Resources that must exist first.</summary>
    public InputList<Resource> DependsOn { get => field ??= []; set; }
}
